"""The load of many instances as arrays: 8 bytes an hour, where Python's floats take 32."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from plainbill.model.period import Period
from plainbill.model.utilization import NOT_ASKED, Utilization

Floats = NDArray[np.float64]


class HourArray(Sequence[float | None]):
    """One value per hour, held as an array; nan in it is an hour without a datapoint, and read as None.

    Equal to any sequence of the same values. Numpy takes the array itself, nan and all.
    """

    __slots__ = ("values",)

    def __init__(self, values: Floats) -> None:
        self.values = values

    @overload
    def __getitem__(self, at: int) -> float | None: ...
    @overload
    def __getitem__(self, at: slice) -> HourArray: ...
    def __getitem__(self, at: int | slice) -> float | HourArray | None:
        if isinstance(at, slice):
            return HourArray(self.values[at])
        value = float(self.values[at])
        return None if value != value else value  # noqa: PLR0124 - nan is the one that differs from itself

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[float | None]:
        hours: list[float | None] = self.values.tolist()
        for hour in np.flatnonzero(np.isnan(self.values)).tolist():
            hours[hour] = None
        return iter(hours)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:  # noqa: FBT001 - numpy's
        return np.array(self.values, dtype=dtype, copy=copy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"HourArray({list(self)!r})"


def floats_of(hours: Sequence[float | None]) -> Floats:
    """Return the values as an array, nan for an hour without a datapoint; no copy of what is one already."""
    return hours.values if isinstance(hours, HourArray) else np.asarray(hours, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadBlock:
    """The hourly statistics of several instances, by ARN, over one period: a row each, a column an hour.

    nan is an hour without a datapoint. ``network`` is bytes in and bytes out; None where it was not asked of
    any of them. Raises ``ValueError`` for arrays of another shape.
    """

    period: Period
    arns: Sequence[str]
    cpu_average: Floats
    cpu_maximum: Floats
    network: tuple[Floats, Floats] | None

    def __post_init__(self) -> None:
        shape = (len(self.arns), self.period.hours)
        for values in (self.cpu_average, self.cpu_maximum, *(self.network or ())):
            if values.shape != shape:
                raise ValueError(f"{values.shape} values for {shape[0]} instances in {shape[1]} hours")

    def __len__(self) -> int:
        return len(self.arns)

    def row(self, number: int) -> Utilization:
        """Return the load of one of them."""
        coming, going = self.network or (None, None)
        return Utilization(
            period=self.period,
            cpu_average=HourArray(self.cpu_average[number]),
            cpu_maximum=HourArray(self.cpu_maximum[number]),
            network_in=NOT_ASKED if coming is None else HourArray(coming[number]),
            network_out=NOT_ASKED if going is None else HourArray(going[number]),
        )
