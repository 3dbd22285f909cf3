"""Where compiled code is kept: by its sources, and always somewhere that can be written to."""

from __future__ import annotations

from pathlib import Path

import numba
import pytest

from descentscape.core.network.kernel import cache


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    cache._folder.cache_clear()
    cache._digest.cache_clear()


def test_the_folder_chosen_comes_first(tmp_path: Path) -> None:
    assert cache._folder(str(tmp_path / "new"), "abc") == tmp_path / "new" / "abc"
    assert (tmp_path / "new" / "abc").is_dir()


def test_one_that_cannot_be_written_to_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = cache._folder(str(tmp_path / "file"), "abc")
    assert found == Path(cache.__file__).parent / "__pycache__" / "abc"
    found.rmdir()


def test_without_any_there_is_one_for_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "file" / "cache.py"))
    monkeypatch.setattr(
        cache, "_app_dirs", lambda *_: type("Dirs", (), {"user_cache_dir": tmp_path / "file"})
    )
    monkeypatch.setattr(cache.tempfile, "mkdtemp", lambda prefix: str(tmp_path / prefix))
    assert cache._folder("", "abc") == tmp_path / "descentscape-"


def test_a_change_of_any_source_is_another_digest(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("a = 1")
    other.write_text("b = 1")
    before = cache._digest((one, other))
    other.write_text("b = 2")
    cache._digest.cache_clear()
    assert cache._digest((one, other)) != before


def test_what_is_not_kept_is_not_compiled_where_only_what_is_kept_is_wanted() -> None:
    double = numba.njit(lambda x: 2 * x)
    with pytest.raises(cache.NotKept), cache.only_what_is_kept():
        double(1)
    assert double(1) == 2
    with cache.only_what_is_kept():
        assert double(2) == 4
