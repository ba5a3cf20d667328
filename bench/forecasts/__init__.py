"""What the intervals of forecasts are measured by, on other bills than chose their constants."""
