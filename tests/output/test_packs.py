"""The page's modules in packs: each in one, in the order of their imports, its own lines on the map."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

import pytest

from descentscape.output.packs import Pack, packed
from descentscape.output.player import page_folder

FEW = {
    "app/first.js": 'import { half as part } from "../sums/half.js";\nexport const first = part(2);\n',
    "app/second.js": (
        'import { first } from "./first.js";\nimport * as all from "../sums/all.js";\n'
        'const later = () => import("../sums/later.js");\nconsole.log(first, all, later);\n'
    ),
    "sums/half.js": "/** Half of it. */\nexport function half(value) {\n  return value / 2;\n}\n",
    "sums/all.js": 'export { half } from "./half.js";\n',
    "sums/later.js": (
        '/** @type {typeof import("./types.js").Late} */\n'
        'import {\n  half,\n} from "./half.js";\n\nexport async function late() {\n  return half(1);\n}\n'
    ),
    "sums/types.js": "export {};\n",
}
ENTRIES = ("app/first.js", "app/second.js")
IMPORTED = re.compile(r'^(?:import|export)\b[^;"=]* from "([^"]+)";', re.MULTILINE)


def page() -> tuple[dict[str, str], tuple[Pack, ...]]:
    """The page's modules, and the packs of what its index loads."""
    folder = page_folder()
    sources = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.js")}
    return sources, packed(sources, ("js/app/start.js", "js/app/main.js"))


def reached(sources: dict[str, str], module: str) -> set[str]:
    """All modules that one needs before it can be read."""
    found = {module}
    waiting = [module]
    while waiting:
        here = waiting.pop()
        for address in IMPORTED.findall(sources[here]):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(here), address))
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


def test_a_pack_holds_what_its_entry_reaches_and_no_pack_before_it() -> None:
    assert [(pack.name, pack.modules) for pack in packed(FEW, ENTRIES)] == [
        ("app-first.js", ("sums/half.js", "app/first.js")),
        ("app-second.js", ("sums/all.js", "app/second.js")),
        ("sums-later.js", ("sums/later.js",)),
    ]


def test_modules_have_what_they_import_by_the_names_that_they_use() -> None:
    first, second, later = (pack.code for pack in packed(FEW, ENTRIES))
    assert "const { half: part } = $sums_half;" in first
    assert "return { first };" in first
    assert second.startswith('import { $app_first, $sums_half } from "./app-first.js";\n')
    assert "const all = $sums_all;" in second
    assert 'import("./sums-later.js").then((pack) => pack.$sums_later)' in second
    assert "async function late() {" in later
    assert "types.js" not in later


@pytest.mark.parametrize(
    "source",
    [
        "export default 1;",
        "export let count = 0;",
        'import first from "./first.js";',
        'import "./first.js";',
        "const a = 1;\nexport { a };",
        'export * from "./first.js";',
        "export const { a } = b;",
    ],
)
def test_another_way_of_writing_modules_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"of app/second\.js must be of a form that can be packed, got"):
        packed({**FEW, "app/second.js": source}, ENTRIES)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match=r"got 'app/none\.js'"):
        packed({**FEW, "app/second.js": 'import { none } from "./none.js";'}, ENTRIES)


def test_the_page_loads_at_once_what_its_entries_import_and_nothing_else() -> None:
    sources, packs = page()
    start, main, *later = packs
    assert set(start.modules) == reached(sources, "js/app/start.js")
    assert {*start.modules, *main.modules} == reached(sources, "js/app/start.js") | reached(
        sources, "js/app/main.js"
    )
    assert [pack.name for pack in later] == [
        "js-app-later.js",
        "js-lab-lab.js",
        "js-guide-tour.js",
        "js-guide-moment-reason.js",
        "js-shell-dialogs.js",
        "js-shell-model-dialog.js",
        "js-pictures-pictures.js",
        "js-classroom-classroom.js",
        "js-shell-table-dialog.js",
        "js-guide-experiments.js",
        "js-guide-first-moves.js",
    ]
    modules = [module for pack in packs for module in pack.modules]
    assert len(modules) == len(set(modules))
    for pack in packs:
        assert pack.modules[-1].replace("/", "-") == pack.name


def test_the_first_picture_needs_neither_lab_nor_views_nor_knobs() -> None:
    _, (start, main, *_) = page()
    folders = {module.split("/")[1] for module in (*start.modules, *main.modules)}
    assert folders == {"app", "document", "wire", "model", "plot", "ui", "shell", "stage"}
    assert not {
        module for module in start.modules if module.split("/")[1] in ("plot", "ui", "shell", "stage")
    }


def test_the_map_leads_every_line_to_the_module_that_it_is_from() -> None:
    sources, packs = page()
    for pack in packs:
        found = 0
        lines = pack.code.split("\n")
        described = json.loads(pack.source_map)
        assert described["sourcesContent"] == [sources[module] for module in pack.modules]
        for number, (module, line) in places(described["mappings"]):
            original = sources[pack.modules[module]].split("\n")[line]
            # Comments on lines of their own are left out, and their lines kept.
            if not re.search(r"^(import|export)|import\(|^[}\s]|^/\*\*", original):
                assert lines[number].removeprefix(opening(pack.modules[module])) == original
                found += 1
        assert found > 10


def opening(module: str) -> str:
    """What stands before a module's first line."""
    return f"const ${re.sub(r'[^a-zA-Z0-9]', '_', module.removesuffix('.js'))} = (() => {{ "


def places(mappings: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """Lines of a pack, each with its module and that one's line."""
    module = line = 0
    for number, segment in enumerate(mappings.split(";")):
        if segment:
            _, modules, lines, _ = digits(segment)
            module, line = module + modules, line + lines
            yield number, (module, line)


def digits(segment: str) -> list[int]:
    """The numbers of a source map's segment."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    numbers, value, shift = [], 0, 0
    for letter in segment:
        digit = letters.index(letter)
        value += (digit & 31) << shift
        shift += 5
        if digit < 32:
            numbers.append(-(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return numbers


def test_comments_stay_out_and_their_lines_stay() -> None:
    source = (
        "/** @type {number} */\nexport const a = 1;\n\n  /**\n   * Two.\n   */\n"
        "export const b = /** @type {any} */ (2);\n"
    )
    (only,) = packed({"app/only.js": source}, ("app/only.js",))
    assert "@type {number}" not in only.code
    assert "Two." not in only.code
    assert "const b = /** @type {any} */ (2);" in only.code
    assert only.code.count("\n", 0, only.code.index("const b")) == 6
