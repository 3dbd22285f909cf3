from __future__ import annotations

import csv
import gzip
from collections.abc import Callable

import numpy as np
import pytest

from descentscape.core.data.dataset_kinds import BUNDLED
from descentscape.core.data.datasets import DATASETS, Data, Task, inline, make, split, standardize
from descentscape.core.errors import InvalidValue
from descentscape.core.network.costs import one_hot


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def by_class(data: Data, label: int) -> np.ndarray:
    return data.x[data.y[:, 0] == label]


@pytest.mark.parametrize("kind", DATASETS)
def test_a_set_is_what_its_entry_says(kind: str) -> None:
    entry, data = DATASETS[kind], make(kind, rng())
    assert data.x.shape[1] == entry.inputs == len(data.feature_names)
    assert data.y.shape == (len(data.x), 1)
    assert np.isfinite(data.x).all()
    if entry.classes is None:
        assert data.task == "regression"
    else:
        assert set(data.y[:, 0]) == set(range(entry.classes))
        assert len(data.target_names) == entry.classes


@pytest.mark.parametrize("kind", [kind for kind, entry in DATASETS.items() if entry.fields])
def test_a_seed_decides_and_noise_only_scales(kind: str) -> None:
    calm, again, loud = (make(kind, rng(3), n=51, noise=noise) for noise in (0.1, 0.1, 0.2))
    clean = make(kind, rng(3), n=51, noise=0.0)
    assert np.array_equal(calm.x, again.x)
    assert np.array_equal(calm.y, again.y)
    np.testing.assert_allclose(loud.x - clean.x, 2 * (calm.x - clean.x), atol=1e-12)
    np.testing.assert_allclose(loud.y - clean.y, 2 * (calm.y - clean.y), atol=1e-12)
    assert not np.array_equal(calm.x, make(kind, rng(4), n=51, noise=0.1).x)


@pytest.mark.parametrize(
    ("kind", "curve"),
    [
        ("line", lambda x: 0.8 * x[:, 0] - 0.3),
        ("sine", lambda x: np.sin(x[:, 0])),
        ("plane", lambda x: 0.8 * x[:, 0] - 0.5 * x[:, 1] + 0.2),
    ],
)
def test_noise_free_regression_lies_on_its_curve(
    kind: str, curve: Callable[[np.ndarray], np.ndarray]
) -> None:
    data = make(kind, rng(), noise=0.0)
    np.testing.assert_allclose(data.y[:, 0], curve(data.x), atol=1e-15)
    noisy = make(kind, rng(), n=5000, noise=0.5)
    assert np.std(noisy.y[:, 0] - curve(noisy.x)) == pytest.approx(0.5, rel=0.05)


def test_noise_free_classes_have_their_shapes() -> None:
    circles = make("circles", rng(), noise=0.0)
    np.testing.assert_allclose(np.linalg.norm(by_class(circles, 0), axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(by_class(circles, 1), axis=1), 0.5)
    moons = make("moons", rng(), noise=0.0)
    upper, lower = by_class(moons, 0), by_class(moons, 1)
    np.testing.assert_allclose(np.linalg.norm(upper, axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(lower - [1, 0.5], axis=1), 1)
    assert (upper[:, 1] > -1e-12).all()
    assert (lower[:, 1] < 0.5 + 1e-12).all()
    xor = make("xor", rng(), noise=0.0)
    assert np.array_equal(xor.x[:, 0] * xor.x[:, 1] < 0, xor.y[:, 0] == 1)
    assert (np.abs(xor.x) >= 0.1).all()
    spirals = make("spirals", rng(), n=100, noise=0.0)
    turned = {tuple(point) for point in np.round(-by_class(spirals, 1), 12)}
    assert turned == {tuple(point) for point in np.round(by_class(spirals, 0), 12)}


def test_gaussian_clouds_have_centres_and_deviation() -> None:
    clouds = make("gaussians", rng(), n=5000, noise=0.6)
    np.testing.assert_allclose(by_class(clouds, 0).mean(axis=0), [-1, -1], atol=0.05)
    np.testing.assert_allclose(by_class(clouds, 1).mean(axis=0), [1, 1], atol=0.05)
    np.testing.assert_allclose(by_class(clouds, 1).std(axis=0), 0.6, atol=0.03)


@pytest.mark.parametrize("kind", ["gaussians", "xor", "circles", "moons", "spirals"])
def test_an_odd_example_goes_to_class_zero(kind: str) -> None:
    assert np.bincount(make(kind, rng(), n=31).y[:, 0].astype(int)).tolist() == [16, 15]


def test_iris_is_fishers() -> None:
    iris = make("iris", rng())
    assert iris.x.shape == (150, 4)
    assert np.bincount(iris.y[:, 0].astype(int)).tolist() == [50, 50, 50]
    np.testing.assert_allclose(iris.x.sum(axis=0), [876.5, 458.6, 563.7, 179.9])
    assert iris.x[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert iris.x[37].tolist() == [4.9, 3.6, 1.4, 0.1]


def test_wine_and_digits_are_complete() -> None:
    wine, digits = make("wine", rng()), make("digits", rng())
    assert wine.x.shape == (178, 13)
    assert np.bincount(wine.y[:, 0].astype(int)).tolist() == [59, 71, 48]
    assert wine.x[0, [0, 12]].tolist() == [14.23, 1065]
    assert digits.x.shape == (1797, 64)
    assert np.bincount(digits.y[:, 0].astype(int)).tolist() == [
        178,
        182,
        177,
        183,
        181,
        182,
        181,
        179,
        174,
        180,
    ]
    assert set(np.unique(digits.x)) == set(range(17))


@pytest.mark.parametrize(
    ("kind", "file"), [("iris", "iris.csv"), ("wine", "wine.csv"), ("digits", "digits.csv.gz")]
)
def test_bundled_files_name_their_columns_and_are_credited(kind: str, file: str) -> None:
    content = (BUNDLED / file).read_bytes()
    text = (gzip.decompress(content) if file.endswith("gz") else content).decode()
    header = next(csv.reader(text.splitlines()))
    entry = DATASETS[kind]
    assert tuple(header) == (*entry.feature_names, "class")
    doi = entry.source.rpartition(" ")[2]
    readme = (BUNDLED / "README.md").read_text()
    assert f"<{doi}>" in readme
    assert entry.licence in readme


def test_bundled_arrays_are_shared_but_cannot_be_spoilt() -> None:
    with pytest.raises(ValueError, match="read-only"):
        make("iris", rng()).x[0, 0] = 7


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("mooons", {}, "dataset.kind must be one of .*, got 'mooons'"),
        ("iris", {"n": 10}, "dataset.n must be left out for iris, got 10"),
        ("moons", {"n": 3}, "n must be a whole number from 4 to 5000, got 3"),
        ("moons", {"n": 10.5}, "n must be a whole number from 4 to 5000, got 10.5"),
        ("moons", {"n": True}, "n must be a whole number from 4 to 5000, got True"),
        ("moons", {"noise": -0.1}, "noise must be a number from 0.0 to 2.0, got -0.1"),
        ("moons", {"noise": float("nan")}, "noise must be a number from 0.0 to 2.0, got nan"),
    ],
)
def test_wrong_kinds_and_fields_are_named(kind: str, fields: dict[str, float], message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        make(kind, rng(), **fields)


def test_inline_data_is_taken_as_it_is() -> None:
    data = inline([[1, 2.5], [3, 4], [5, 6]], [[0.5], [1], [2]])
    assert data.task == "regression"
    assert data.x.tolist() == [[1, 2.5], [3, 4], [5, 6]]
    assert data.y.tolist() == [[0.5], [1], [2]]
    assert data.feature_names == ("x1", "x2")


@pytest.mark.parametrize(
    ("y", "task", "classes"),
    [
        ([[0], [1], [1]], "classes", 2),
        ([["no"], ["yes"], ["no"]], "classes", 2),
        ([[2], [0], [1]], "regression", None),
        ([[0], [2], [0]], "regression", None),
        ([[1], [1], [1]], "regression", None),
        ([[0, 1], [1, 0], [0, 1]], "regression", None),
    ],
)
def test_inline_task_follows_from_the_targets(y: list[list[float]], task: str, classes: int | None) -> None:
    data = inline([[1], [2], [3]], y)
    assert (data.task, data.classes) == (task, classes)


def test_an_inline_task_can_be_said() -> None:
    assert inline([[1], [2]], [[0], [1]], "regression").classes is None
    assert inline([[1], [2]], [[0], [0]], "classes").classes == 2


@pytest.mark.parametrize(
    ("labels", "names", "positions"),
    [
        ([1, 2, 1], ("1", "2"), [0, 1, 0]),
        ([1, -1, -1], ("-1", "1"), [1, 0, 0]),
        ([9, 7, 9], ("7", "9"), [1, 0, 1]),
        ([0, 2, 1], ("0", "1", "2"), [0, 2, 1]),
        ([0, 1_000_000_000, 0], ("0", "1000000000"), [0, 1, 0]),
        ([1, 1, 1], ("0", "1"), [1, 1, 1]),
        (["dog", "cat", "dog"], ("cat", "dog"), [1, 0, 1]),
        (["10", "9", "10"], ("10", "9"), [0, 1, 0]),
        (["ä", "Z", "a"], ("Z", "a", "ä"), [2, 0, 1]),
    ],
)
def test_the_classes_are_those_that_occur(
    labels: list[float | str], names: tuple[str, ...], positions: list[int]
) -> None:
    data = inline([[1], [2], [3]], [[label] for label in labels], "classes")
    assert (data.classes, data.target_names) == (len(names), names)
    assert data.y.tolist() == [[position] for position in positions]
    assert one_hot(data.y, len(names)).argmax(axis=1).tolist() == positions


@pytest.mark.parametrize(
    ("y", "task", "message"),
    [
        (
            [[0.5], [1]],
            "classes",
            r"y must be one column of class labels, words or whole numbers, got \[0.5\]",
        ),
        ([[0, 1], [1, 0]], "classes", r"y must be one column of class labels"),
        ([[7], [7]], "classes", "y must be of two classes or more, got 7"),
        ([["a"], ["a"]], None, "y must be of two classes or more, got 'a'"),
        ([["a"], [1]], None, r"y\[1\] must be one word, as the others are, got \[1\]"),
        ([["a", "b"], ["a", "b"]], None, r"y\[0\] must be one word"),
        ([["a"], ["b"]], "regression", "y must be numbers for regression, got 'a'"),
    ],
)
def test_labels_that_make_no_classes_are_refused(
    y: list[list[float | str]], task: Task, message: str
) -> None:
    with pytest.raises(InvalidValue, match=message):
        inline([[1], [2]], y, task)


def test_a_column_that_varies_by_rounding_alone_is_constant() -> None:
    near = 14.620000000000001
    assert near > 14.62
    train = inline([[14.62, 1e-9], [near, 2e-9]], [[0], [1]])
    scaled, _, scaling = standardize(train, None)
    np.testing.assert_allclose(scaled.x, [[0, -1], [0, 1]], atol=1e-14)
    assert scaling.scale.tolist()[0] == 1
    varying = inline([[14.62], [14.62 + 1e-12]], [[0], [1]])
    np.testing.assert_allclose(standardize(varying, None)[0].x, [[-1], [1]], rtol=1e-2)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([[1, 2], [3]], [[0], [1]], r"x must be rows of equally many numbers, got \[3\]"),
        ([[1], [2]], [[0]], r"y must be as many rows as x \(2\), got 1"),
        (
            [[1], [float("inf")]],
            [[0], [1]],
            r"x\[1\]\[0\] must be finite and at most 1e\+09 in size, got inf",
        ),
        ([[1], [2]], [[0], [float("nan")]], r"y\[1\]\[0\] must be finite .* got nan"),
        ([[1e300], [2]], [[0], [1]], r"x\[0\]\[0\] must be finite and at most 1e\+09 in size"),
        ([], [], r"x must be a list of rows, each with at least one number, got \[\]"),
        ([[], []], [[0], [1]], "x must be a list of rows, each with at least one number"),
        ([["a"]], [[0]], r"x must be rows of equally many numbers, got \['a'\]"),
    ],
)
def test_inline_data_must_be_a_finite_table(x: list[list[float]], y: list[list[float]], message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        inline(x, y)


def test_split_divides_without_loss_or_overlap_in_order() -> None:
    data = inline(np.arange(10.0)[:, None], np.arange(10.0)[:, None] / 2)
    train, test = split(data, 0.3, rng())
    assert test is not None
    assert len(test.x) == 3
    assert sorted([*train.x[:, 0], *test.x[:, 0]]) == list(range(10))
    for part in (train, test):
        assert (np.diff(part.x[:, 0]) > 0).all()
        assert np.array_equal(part.y, part.x / 2)
    again, _ = split(data, 0.3, rng())
    assert np.array_equal(again.x, train.x)


def test_split_keeps_an_example_for_training() -> None:
    data = inline([[1], [2]], [[0], [1]])
    assert split(data, 0, rng()) == (data, None)
    train, test = split(data, 0.99, rng())
    assert test is not None
    assert (len(train.x), len(test.x)) == (1, 1)
    with pytest.raises(InvalidValue, match="test_fraction must be at least 0 and below 1, got 1"):
        split(data, 1, rng())


def test_standardising_uses_the_training_statistics_alone() -> None:
    train = inline([[0, 5, 1], [2, 5, 3]], [[0], [1]])
    test = inline([[4, 6, 2]], [[1]])
    scaled, scaled_test, scaling = standardize(train, test)
    assert scaled.x.tolist() == [[-1, 0, -1], [1, 0, 1]]
    assert scaled_test is not None
    assert scaled_test.x.tolist() == [[3, 1, 0]]
    assert (scaling.mean.tolist(), scaling.scale.tolist()) == ([1, 5, 2], [1, 1, 1])
    np.testing.assert_array_equal(scaling.undo(scaled_test.x), test.x)
    assert np.array_equal(scaled.y, train.y)


def test_real_features_come_out_with_mean_zero_and_deviation_one() -> None:
    scaled, _, _ = standardize(make("wine", rng()), None)
    np.testing.assert_allclose(scaled.x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.x.std(axis=0), 1)
    assert DATASETS["wine"].standardize
    assert not DATASETS["moons"].standardize
