"""A table that is brought to the page: what it holds, what is learned from it, under which names."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from browser.looking import eventually, link, linked_document, open_page
from browser.service import Service
from descentscape.core.data.tables.table import Column, hash_of, make_table

CONTOUR = {"view": {"stage": "contour", "step": 1}, "steps": 5}
GRADES = ("fail", "merit", "pass")
COLUMNS = ("hours", "sleep", "absent", "test score", "grade")


def students(rows: int) -> list[tuple[str, ...]]:
    """Students of three grades, which their hours tell apart; the second and the fifth lack a cell."""
    draw = random.Random(7)
    found = []
    for k in range(rows):
        grade = k % 3
        hours, sleep = 2 + 4 * grade + draw.random(), 6 + draw.random()
        cells = f"{hours:.2f}", f"{sleep:.2f}", str(draw.randint(0, 9)), f"{50 + 9 * draw.random():.1f}"
        found.append((*cells, GRADES[grade]))
    found[1] = ("", *found[1][1:])
    found[4] = (*found[4][:3], "NA", found[4][4])
    return found


def text_of(rows: list[tuple[str, ...]]) -> str:
    return "".join(",".join(row) + "\n" for row in [COLUMNS, *rows])


def drop(page: Page, *files: tuple[str, str]) -> None:
    page.evaluate(
        """(files) => {
          const dataTransfer = new DataTransfer();
          for (const [name, text] of files) dataTransfer.items.add(new File([text], name));
          const options = { bubbles: true, cancelable: true, dataTransfer };
          document.body.dispatchEvent(new DragEvent("dragover", options));
          document.body.dispatchEvent(new DragEvent("drop", options));
        }""",
        [list(file) for file in files],
    )


def saved(page: Page, item: str) -> Path:
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=item).first.click()
    return Path(download.value.path())


def test_students_become_a_network_in_five_clicks(page: Page, service: Service) -> None:
    open_page(page, link(service.address, CONTOUR))
    drop(page, ("students.csv", text_of(students(60))), ("other.csv", "a,b\n1,2\n"))
    dialog = page.get_by_role("dialog", name="students.csv")
    dialog.get_by_label("Learn", exact=True).wait_for()

    # What the columns hold, and what is guessed to be learned.
    assert dialog.get_by_label("Learn", exact=True).locator("option:checked").inner_text() == "grade"
    assert "60 rows, 5 columns" in dialog.inner_text()
    assert dialog.inner_text().count("1 missing") == 2
    used = dialog.locator("input[type=checkbox]:checked")
    assert used.count() == 4
    assert "3 classes of grade" in dialog.inner_text()
    assert "students.csv is" in page.locator(".message--notice").inner_text()

    # One click, and it learns; the names of classes and columns are on the page.
    dialog.get_by_role("button", name="Train a network").click()
    facts = page.locator("#view-network .facts")
    eventually(lambda: "accuracy" in facts.inner_text() and "100" in facts.inner_text(), "what it learned")
    eventually(lambda: page.locator(".data-classes li").all_inner_texts() == list(GRADES), "its classes")
    confusion = page.locator(".confusion thead")
    for name in GRADES:
        eventually(lambda name=name: name in confusion.inner_text(), f"{name} in the table")
    data: dict[str, Any] = eventually(lambda: linked_document(page).get("problem", {}), "its link")["dataset"]
    assert data["name"] == "students.csv"
    assert [column["name"] for column in data["columns"]] == list(COLUMNS)

    # Two clicks for the numbers, two for the picture.
    rows = list(csv.reader(io.StringIO(saved(page, "Table").read_text("utf-8"))))
    assert len(rows) > 1
    assert saved(page, "Picture").read_bytes().startswith(b"\x89PNG")


def test_a_table_that_is_gone_is_asked_for_and_recognised_on_a_phone(
    phone: Page, service: Service, tmp_path: Path
) -> None:
    rows = students(400)
    table = make_table([Column(name, tuple(row[k] for row in rows)) for k, name in enumerate(COLUMNS)])
    dataset = {"kind": "table", "name": "students.csv", "sha256": hash_of(table), "target": "grade"}
    problem = {"kind": "network", "dataset": dataset, "hidden": [4], "cost": "cross_entropy"}
    document = {"problem": problem, "steps": 20, "view": {"stage": "contour", "tab": "network"}}
    file = tmp_path / "brought.csv"
    file.write_text(text_of(rows), "utf-8")
    page = phone
    page.goto(link(service.address, document))
    message = page.locator(".message--bad")
    eventually(
        lambda: message.is_visible() and "students.csv is not kept" in message.inner_text(), "the word"
    )

    with page.expect_file_chooser() as chooser:
        message.get_by_role("button", name="Open a file").click()
    chooser.value.set_files(file)
    eventually(lambda: "is back" in page.inner_text(".message--notice"), "that it is recognised")
    page.locator(".phone-tab[data-name=network]").click()
    eventually(lambda: page.locator(".data-classes li").all_inner_texts() == list(GRADES), "its classes")
    assert linked_document(page)["problem"]["dataset"]["sha256"] == hash_of(table)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
