"""What the bill will come to: by the calendar of the bill, judged by its own past."""

from plainbill.analyzer.forecast.bill import BillForecast, Difference, forecast_bill
from plainbill.analyzer.forecast.months import Forecast, MonthForecast, PastForecast, forecast

__all__ = [
    "BillForecast", "Difference", "Forecast", "MonthForecast", "PastForecast", "forecast", "forecast_bill",
]  # fmt: skip
