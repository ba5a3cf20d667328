"""Write the table of list prices that the package carries: ``python -m tools.list_prices``."""
