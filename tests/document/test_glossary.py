"""The glossary's MathML is what its LaTeX gives, in elements that the page builds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

from document.glossary_formulas import GLOSSARY, mathml, renewed, written

TEXT = GLOSSARY.read_text(encoding="utf-8")


def test_every_formula_is_made_of_its_latex() -> None:
    glossary = json.loads(TEXT)
    assert written({term: renewed(entry) for term, entry in glossary.items()}) == TEXT, (
        "python tests/document/glossary_formulas.py renews the formulas"
    )
    assert sum(entry["formula"] is not None for entry in glossary.values()) > 90


def test_functions_are_identifiers_and_signs_are_operators() -> None:
    leaves = [
        (leaf.tag, leaf.text)
        for leaf in ElementTree.fromstring(mathml(r"\lVert \nabla C \rVert; \max(\sigma'(z), 1)")).iter()
        if leaf.text
    ]
    assert ("mi", "max") in leaves
    assert [text for tag, text in leaves if tag == "mo"] == ["‖", "∇", "‖", ";", "(", "′", "(", ")", ",", ")"]


def test_fences_grow_only_where_the_latex_says_so() -> None:
    def stretched(formula: str) -> list[bool]:
        fences = (mo for mo in ElementTree.fromstring(mathml(formula)).iter("mo") if mo.text in ("(", ")"))
        return [mo.get("stretchy") == "true" for mo in fences]

    assert stretched(r"f(x) = \frac{1}{x}") == [False, False]
    assert stretched(r"\left( \frac{1}{x} \right)") == [True, True]


def test_every_term_that_the_page_explains_has_its_entry() -> None:
    page = Path(__file__).parents[2] / "frontend/js"
    asked = re.compile(r'\b(?:(?:helpTip|createTerm)\(\s*store,|titled\(\s*store,\s*"[^"]+",)\s*"([^"]+)"')
    named = {term for path in page.rglob("*.js") for term in asked.findall(path.read_text("utf-8"))}
    captions = (page / "guide/caption-terms.js").read_text("utf-8")
    table = captions[captions.index("const TERMS") : captions.index("});")]
    of_captions = set(re.findall(r': "([^"]+)"', table))
    assert len(named) > 20
    assert len(of_captions) > 5
    assert named | of_captions <= set(json.loads(TEXT))
