"""The glossary's formulas as MathML, made of their LaTeX.

python tests/document/glossary_formulas.py     renews them in the glossary
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert

GLOSSARY = Path(__file__).parents[2] / "backend/descentscape/data/glossary.json"
NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'
FENCES = "‖⟨⟩"
SIGNS = ";:#~′" + FENCES


def mathml(formula: str) -> str:
    """The element ``math`` of a formula, without what an element of the page does not need."""
    math = ElementTree.fromstring(convert(formula, display="block").replace(NAMESPACE, ""))
    del math.attrib["display"]
    for leaf in math.iter():
        _mend(leaf)
    return ElementTree.tostring(math, encoding="unicode")


def _mend(leaf: Element) -> None:
    """What the converter confuses: names of functions are identifiers, signs and fences are not."""
    text = leaf.text or ""
    if leaf.tag == "mo" and text.isalpha():
        leaf.tag = "mi"
    elif leaf.tag == "mi" and text in SIGNS:
        leaf.tag = "mo"
    # An accent’s own spacing lets a hat touch its letter.
    leaf.attrib.pop("accent", None)
    # A fence grows with what it holds where \left says so, not with a fraction beside it.
    if leaf.tag == "mo" and text and text in FENCES and "form" not in leaf.attrib:
        leaf.set("stretchy", "false")


def renewed(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of the glossary with its MathML made anew."""
    return entry | {"mathml": mathml(entry["formula"]) if entry["formula"] else None}


def written(glossary: dict[str, Any]) -> str:
    """The glossary as its file holds it."""
    return json.dumps(glossary, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    terms = json.loads(GLOSSARY.read_text(encoding="utf-8"))
    GLOSSARY.write_text(written({term: renewed(entry) for term, entry in terms.items()}), encoding="utf-8")
