"""Large estates to measure on, and what they are measured against."""
