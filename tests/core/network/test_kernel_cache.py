"""Where compiled code is kept: by its sources, and always somewhere that can be written to."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numba
import pytest

from descentscape.core.network.kernel import cache


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    cache._folder.cache_clear()
    cache._clear.cache_clear()
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


def _used(folder: Path, ago: float, *files: str) -> Path:
    folder.mkdir()
    for name in files:
        (folder / name).touch()
    then = time.time() - ago
    os.utime(folder, (then, then))
    return folder


def test_what_nobody_has_used_of_late_is_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "KEPT", 2)
    long = 2 * cache.UNUSED
    oldest = _used(tmp_path / f"{1:016x}", long + 2, "a.nbi", "a.1.nbc")
    old = _used(tmp_path / f"{2:016x}", long + 1, "a.nbi")
    newer = _used(tmp_path / f"{3:016x}", long, "a.nbi")
    found = cache._folder(str(tmp_path), f"{4:016x}")
    assert [oldest.exists(), old.exists(), newer.exists(), found.exists()] == [False, False, True, True]


def test_what_others_may_have_open_or_is_not_ours_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "KEPT", 1)
    long = 2 * cache.UNUSED
    today = _used(tmp_path / f"{1:016x}", cache.UNUSED / 2, "a.nbi")
    kept = _used(tmp_path / f"{2:016x}", long, "notes.txt")
    other = _used(tmp_path / "module_0123", long, "a.nbi")
    locked = _used(tmp_path / f"{3:016x}", long, "a.nbi")
    unlink = Path.unlink

    def refuses(path: Path, *, missing_ok: bool = False) -> None:
        if path.parent == locked:
            raise PermissionError
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuses)
    cache._folder(str(tmp_path), f"{4:016x}")
    assert all(folder.exists() for folder in (today, kept, other, locked))
    assert (kept / "notes.txt").exists()


def test_a_folder_in_use_is_made_again_when_it_was_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache._config, "CACHE_DIR", str(tmp_path))

    def function() -> None:
        pass

    function.made_from = "abc"  # type: ignore[attr-defined]
    locator = cache.BySources(function)
    Path(locator.get_cache_path()).rmdir()
    locator.ensure_cache_path()
    assert Path(locator.get_cache_path()).is_dir()


def test_a_use_is_noted(tmp_path: Path) -> None:
    folder = _used(tmp_path / f"{1:016x}", 2 * cache.UNUSED)
    cache._folder(str(tmp_path), folder.name)
    assert folder.stat().st_mtime > time.time() - cache.UNUSED
