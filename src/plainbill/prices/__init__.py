"""Dated on-demand list prices of EC2 instances, by region and type."""

from plainbill.prices.price_book import HOURS_PER_MONTH, PriceBook, RegionPrices

__all__ = ["HOURS_PER_MONTH", "PriceBook", "RegionPrices"]
