"""Arrays as they stand in a program: every digit of them, short ones readable."""

from __future__ import annotations

import base64
import textwrap
import zlib

from descentscape.core.objective import AnyArray

READABLE = 400
"""Up to so many numbers are written out."""

WIDTH = 100

UNPACK = '''
def unpack(text, *shape):
    """The array whose float64 numbers the text holds, compressed."""
    numbers = np.frombuffer(zlib.decompress(base64.b64decode(text)), "<f8")
    return torch.tensor(numbers.reshape(shape))

'''
"""What `written` needs in front of it for long arrays."""


def is_packed(array: AnyArray) -> bool:
    """Whether the array is too long to be read."""
    return array.size > READABLE


def written(array: AnyArray) -> str:
    """An expression of the tensor of the array's numbers, all float64 and none rounded."""
    if not is_packed(array):
        return f"torch.tensor({array.tolist()!r})"
    text = base64.b64encode(zlib.compress(array.astype("<f8").tobytes(), 9)).decode()
    lines = "\n".join(f'    "{line}"' for line in textwrap.wrap(text, WIDTH))
    return f"unpack(\n{lines},\n    {', '.join(map(str, array.shape))},\n)"
