"""A hash of a frame's names and values that does not depend on the file they came in."""

import hashlib
import struct

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def frame_hash(frame: pd.DataFrame) -> str:
    """Return the SHA-256 over names and values, in their order.

    Numbers count by value (1 and 1.0 are one), text by its characters, nothing as nothing; the
    index and the types of the columns do not count.

    Examples
    --------
    >>> one = pd.DataFrame({"a": [1, 2]})
    >>> frame_hash(one) == frame_hash(pd.DataFrame({"a": [1.0, 2.0]}))
    True
    """
    digest = hashlib.sha256()
    digest.update(struct.pack("<qq", *frame.shape))
    for name in frame.columns:
        encoded = str(name).encode("utf-8", "surrogatepass")
        digest.update(struct.pack("<q", len(encoded)) + encoded)
        for piece in _pieces(frame[name]):
            digest.update(piece)
    return digest.hexdigest()


def _pieces(values: pd.Series) -> tuple[bytes, ...]:
    """Return the bytes that stand for a column."""
    if values.isna().all():
        return (b"empty",)
    if pd.api.types.is_float_dtype(values.dtype) or _is_exact(values):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0
        numbers[np.isnan(numbers)] = np.nan
        return b"number", numbers.astype("<f8").tobytes()
    return b"text", *_text_pieces(values)


def _is_exact(values: pd.Series) -> bool:
    """Whether whole numbers are all held by floating-point numbers."""
    if not pd.api.types.is_integer_dtype(values.dtype):
        return False
    held = values.dropna()
    return bool((held.abs() <= 2**53).all())


def _text_pieces(values: pd.Series) -> tuple[bytes, ...]:
    if pd.api.types.is_string_dtype(values.dtype) and values.dtype != object:
        texts = pa.array(values, type=pa.large_string(), from_pandas=True)
    else:
        texts = pa.array([_canonical(one) for one in values], type=pa.large_string())
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    lengths = pc.fill_null(pc.binary_length(texts), -1).to_numpy(zero_copy_only=False)
    filled = pc.fill_null(texts, "")
    _, places, letters = filled.buffers()
    offsets = np.frombuffer(places, dtype=np.int64)[filled.offset : filled.offset + len(filled) + 1]
    joined = letters.to_pybytes()[offsets[0] : offsets[-1]] if letters is not None else b""
    return lengths.astype("<i8").tobytes(), joined


def _canonical(value: object) -> str | None:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)
