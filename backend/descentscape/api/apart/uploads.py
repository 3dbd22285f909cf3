"""What is read of files that come in, as bytes: the answer, and the content that is stored."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from descentscape.core.data.tables.preview import preview
from descentscape.core.data.tables.table import content_of, table_of
from descentscape.document.names import FileName
from descentscape.document.problem_size import TABLE_ROOM
from descentscape.output.serialization import json_bytes
from descentscape.readers.files import read_bytes
from descentscape.readers.models import content_and_account
from descentscape.readers.plain import read_json_columns

UNNAMED_TABLE = "table"
"""What a table is called unless the call or its own JSON says."""


class _Named(BaseModel):
    name: FileName = Field(UNNAMED_TABLE)


def table_upload(pieces: Sequence[bytes], name: str, *, is_json: bool) -> tuple[bytes, bytes]:
    """The preview of the table in a file, which comes in pieces, and what is stored of it."""
    content = b"".join(pieces)
    if is_json:
        own, read = read_json_columns(content)
        name = _Named(name=own).name if name == UNNAMED_TABLE else name
    else:
        read = read_bytes(content)
    found = preview(read.table, name, read.notes, TABLE_ROOM)
    return json_bytes(found), content_of(read.table)


def stored_table(content: bytes, name: str) -> bytes:
    """The same preview of a table that is stored already."""
    return json_bytes(preview(table_of(content), name, (), TABLE_ROOM))


def model_upload(pieces: Sequence[bytes], name: str) -> tuple[bytes, bytes]:
    """What the checkpoints of a file, which comes in pieces, are of, and what is stored of them."""
    stored, account = content_and_account([(name, b"".join(pieces))])
    return json_bytes(account.described()), stored
