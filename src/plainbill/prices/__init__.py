"""Dated on-demand list prices of EC2 instances, by region and type."""
