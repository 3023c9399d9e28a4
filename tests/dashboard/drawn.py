"""What a figure draws: its numbers."""

import numpy as np
import plotly.graph_objects as go


def numbers(figure: go.Figure) -> np.ndarray:
    found = []
    for trace in figure.data:
        for axis in ("x", "y", "base"):
            values = getattr(trace, axis, None)
            if values is not None and not isinstance(values, str):
                found += [v for v in values if isinstance(v, float | int | np.number)]
    return np.array(found, dtype=np.float64)
