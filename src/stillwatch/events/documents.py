"""Records of JSON that is not one a line: arrays of objects and objects over several lines, streamed one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numba as nb
import numpy as np

ITEM_BYTES_MAX = 256 << 20


def items(
    chunks: Iterable[bytes], item_bytes_max: int = ITEM_BYTES_MAX
) -> Iterator[tuple[int, bytes | None]]:
    """(line from 1 where it starts, bytes) of every object; None for one longer than `item_bytes_max`.

    An object counts where it stands at the top or directly in a top array, so that an array of any length needs the
    memory of one item. An object that the input ends inside of is yielded as far as it goes.
    """
    state = np.zeros(4, np.int64)  # depth, in a string, after a backslash, depth of the item being read
    line, started, held, kept = 1, 1, 0, list[bytes]()
    for chunk in chunks:
        data = np.frombuffer(chunk, np.uint8)
        at = 0
        for begin, end in _cuts(data, state).tolist():
            if begin >= 0:
                line, at = line + chunk.count(b"\n", at, begin), begin
                started, held, kept = line, 0, []
            if end >= 0:
                held += end - max(begin, 0)
                kept.append(chunk[max(begin, 0) : end])
                yield started, b"".join(kept) if held <= item_bytes_max else None
                kept = []
            elif held <= item_bytes_max:
                held += len(chunk) - max(begin, 0)
                kept.append(chunk[max(begin, 0) :])
                if held > item_bytes_max:
                    kept = []
        line += chunk.count(b"\n", at)
    if state[3]:
        yield started, b"".join(kept) if held <= item_bytes_max else None


@nb.njit(cache=True, nogil=True)
def _cuts(data: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Rows (begin, end past the last byte) of the items in a chunk; -1 where it began before or ends after it."""
    depth, quoted, escaped, item = state[0], state[1], state[2], state[3]
    out = np.full((data.size // 2 + 2, 2), -1, np.int64)
    rows = 1 if item else 0
    for i in range(data.size):
        byte = data[i]
        if quoted:
            if escaped:
                escaped = 0
            elif byte == 92:
                escaped = 1
            elif byte == 34:
                quoted = 0
        elif byte == 34:
            quoted = 1
        elif byte == 123 or byte == 91:
            depth += 1
            if byte == 123 and not item and depth <= 2:
                item = depth
                out[rows, 0] = i
                rows += 1
        elif byte == 125 or byte == 93:
            if item and depth == item:
                out[rows - 1, 1] = i + 1
                item = 0
            depth = max(0, depth - 1)
    state[0], state[1], state[2], state[3] = depth, quoted, escaped, item
    return out[:rows].copy()
