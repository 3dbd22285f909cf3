"""The examples that are made of a table, held against numbers worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from descentscape.core.data.tables import cells
from descentscape.core.data.tables.chosen import chosen_examples
from descentscape.core.data.tables.columns import read_column
from descentscape.core.data.tables.examples import Choice, Room, TableExamples, examples_of
from descentscape.core.data.tables.preview import preview
from descentscape.core.data.tables.table import Column, content_of, hash_of, make_table, table_of
from descentscape.core.errors import InvalidValue

ROOM = Room(rows=5000, inputs=256, numbers=320_000)

PETS = {
    "id": ["1", "2", "3", "4", "5", "6"],
    "weight": ["4.5", "30", "?", "5", "12", "4"],
    "colour": ["red", "black", "white", "red", "", "black"],
    "tail": ["yes", "no", "yes", "yes", "no", "yes"],
    "born": ["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04", "2020-01-05", "2020-01-06"],
    "same": ["7"] * 6,
    "nothing": ["", "NA", "nan", "-", "None", "?"],
    "name": ["Tom", "Rex", "Ann", "Bea", "Max", "Kim"],
    "pet": ["cat", "dog", "cat", "cat", "dog", "cat"],
}


def made(columns: dict[str, list[str]], room: Room = ROOM, **choice: Any) -> TableExamples:
    table = make_table([Column(name, cells) for name, cells in columns.items()])
    return examples_of(table, Choice(**choice), room)


def kinds(columns: dict[str, list[str]]) -> list[str]:
    return [read_column(Column(name, cells)).kind for name, cells in columns.items()]


def test_the_kinds_of_columns() -> None:
    known = ["number", "number", "category", "category", "date", "constant", "empty", "text", "category"]
    assert kinds(PETS) == known


def test_all_usable_columns_are_inputs_and_rows_that_lack_one_are_dropped() -> None:
    found = made(PETS, target="pet")
    names = ("weight", "colour = black", "colour = red", "colour = white", "tail = yes", "born")
    assert found.data.feature_names == names
    assert found.data.target_names == ("cat", "dog")
    assert found.data.x.tolist() == [
        [4.5, 0, 1, 0, 1, 18262],
        [30, 1, 0, 0, 0, 18263],
        [5, 0, 1, 0, 1, 18265],
        [4, 1, 0, 0, 1, 18267],
    ]
    assert found.data.y[:, 0].tolist() == [0, 1, 0, 0]
    assert found.notes == ("2 of 6 rows are left out, as an input is missing there.",)


def test_missing_cells_become_the_mean_and_the_most_frequent_word() -> None:
    found = made(PETS, target="pet", missing="mean", inputs=("weight", "colour"))
    assert found.data.x[2, 0] == pytest.approx((4.5 + 30 + 5 + 12 + 4) / 5)
    assert found.data.x[4].tolist() == [12, 1, 0, 0]  # black and red are as frequent: the first


@pytest.mark.parametrize(
    ("labels", "names", "positions"),
    [
        (["1", "2", "3", "1", "2", "3"], ("1", "2", "3"), [0, 1, 2, 0, 1, 2]),
        (["-1", "+1", "-1", "1", "-1", "1"], ("-1", "1"), [0, 1, 0, 1, 0, 1]),
        (["b", "", "a", "b", "a", "NaN"], ("a", "b"), [1, 0, 1, 0]),
    ],
)
def test_labels_keep_their_names(labels: list[str], names: tuple[str, ...], positions: list[int]) -> None:
    found = made({"x": ["1", "2", "5", "3", "9", "8"], "label": labels}, target="label")
    assert (found.data.task, found.data.classes, found.data.target_names) == ("classes", len(names), names)
    assert found.data.y[:, 0].tolist() == positions


def test_numbers_are_learnt_as_such_in_standard_deviations_where_asked_for() -> None:
    columns = {"x": ["1", "2", "4"], "price": ["100", "300", "500"]}
    assert made(columns, target="price").data.y[:, 0].tolist() == [100, 300, 500]
    scaled = made(columns, target="price", scaled=True).data
    assert scaled.y[:, 0] == pytest.approx([-np.sqrt(1.5), 0, np.sqrt(1.5)])
    assert scaled.target_names == ("price (standardised)",)
    assert made({"x": ["1", "2"], "p": ["0", "0.5"]}, target="p", scaled=True).data.y[:, 0].tolist() == [
        0,
        0.5,
    ]


def test_a_sample_is_drawn_by_the_seed_in_the_order_of_the_table() -> None:
    columns = {"x": [str(k) for k in range(1, 200, 2)], "y": [str(k * k) for k in range(100)]}
    room = Room(rows=10, inputs=256, numbers=320_000)
    first, again, other = (made(columns, room, target="y", seed=seed).data.x[:, 0] for seed in (0, 0, 1))
    assert len(first) == 10
    assert np.all(np.diff(first) > 0)
    assert first.tolist() == again.tolist() != other.tolist()
    assert "10 of 100 rows are used" in made(columns, room, target="y").notes[0]
    assert len(made(columns, Room(5000, 256, 7), target="y").data.x) == 7


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"target": "weigth"}, "target must be a column of the table .*‘weight’.*, got 'weigth'"),
        ({"target": "same"}, "two classes or more"),
        ({"target": "nothing"}, "at least 2 rows"),
        ({"target": "pet", "inputs": ("pet",)}, r"inputs\[0\] must be another column than the target"),
        ({"target": "pet", "inputs": ("weight", "nothing")}, r"inputs\[1\] must be a column of numbers"),
        ({"target": "pet", "inputs": ("weight", "weight")}, "different columns"),
        ({"target": "pet", "task": "regression"}, "task must be classes, as the target holds words"),
    ],
)
def test_choices_refused(choice: dict[str, Any], words: str) -> None:
    if choice["target"] == "same":
        choice = choice | {"task": "classes"}
    with pytest.raises(InvalidValue, match=words):
        made(PETS, **choice)


def test_a_table_of_one_column_has_nothing_to_learn_from() -> None:
    with pytest.raises(InvalidValue, match="beside others that can be inputs"):
        made({"a": ["1", "2", "3"]}, target="a")


def test_too_many_inputs_are_refused() -> None:
    columns = {f"c{k}": ["1", "2", "4"] for k in range(4)} | {"y": ["a", "b", "a"]}
    with pytest.raises(InvalidValue, match="at most 3 inputs, got 4"):
        made(columns, Room(5000, 3, 320_000), target="y")


def test_a_cell_that_is_no_number_among_many_is_named() -> None:
    content = read_column(Column("age", ["20", "", "unknown", "31", "44"]))
    assert content.kind == "text"
    assert content.note == "Numbers, but one cell is none (row 3: ‘unknown’): left out."


def test_the_text_of_a_table_is_one_and_read_back() -> None:
    table = make_table([Column("b", ("x", "é")), Column("a", ("1", "2"))])
    assert content_of(table) == b'[{"cells":["x","\\u00e9"],"name":"b"},{"cells":["1","2"],"name":"a"}]'
    assert [list(column.cells) for column in table_of(content_of(table)).columns] == [["x", "é"], ["1", "2"]]
    assert hash_of(table_of(content_of(table))) == hash_of(table)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ([], "1 to 256 columns"),
        ([Column("a", [])], "1 to 100,000 cells"),
        ([Column("", ["1"])], r"columns\[0\].name"),
        ([Column("a", ["1"]), Column("b", ["1", "2"])], r"columns\[1\].cells must be 1 cells"),
        ([Column("a", ["1"]), Column("a", ["2"])], "different names, got 'a'"),
        ([Column("a", ["1", "x" * 10_001])], r"columns\[0\].cells\[1\] must be at most 10,000"),
    ],
)
def test_tables_refused(columns: list[Column], words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        make_table(columns)


def test_examples_are_made_once_for_the_same_choice() -> None:
    columns = [Column(name, cells) for name, cells in PETS.items()]
    one, two = (chosen_examples(columns, None, Choice("pet"), ROOM) for _ in range(2))
    assert one is two
    assert chosen_examples(columns, None, Choice("tail"), ROOM) is not one


def test_a_preview_guesses_and_says_what_will_be_done() -> None:
    found = preview(
        make_table([Column(name, cells) for name, cells in PETS.items()]), "pets.csv", ("x",), ROOM
    )
    assert (found["target"], found["task"]) == ("pet", "classes")
    assert found["inputs"] == ["weight", "colour", "tail", "born"]
    assert found["notes"] == ["x", "2 of 6 rows are left out, as an input is missing there."]
    assert found["sample"][0] == ["1", "4.5", "red", "yes", "2020-01-01", "7", "", "Tom", "cat"]
    assert [column["missing"] for column in found["columns"]] == [0, 1, 1, 0, 0, 0, 6, 0, 0]
    assert found["content"][1] == {"name": "weight", "cells": PETS["weight"]}


def test_a_preview_says_where_nothing_is_there_to_learn_from() -> None:
    found = preview(make_table([Column("a", ["1.5", "2", "3"])]), "a.csv", (), ROOM)
    assert (found["target"], found["inputs"]) == ("a", [])
    assert found["notes"] == ["Beside ‘a’ there is no column that is taken as an input."]


@pytest.mark.parametrize("long", ["0" * 64 + "kg", "1,234" + " " * 60 + "men", "0,5" + " " * 62 + "x"])
def test_a_cell_that_only_begins_as_a_number_is_none(long: str) -> None:
    assert cells.numbers(["1", long]) is None
