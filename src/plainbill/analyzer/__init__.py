"""Pure thinking: values in, values out; no clock, no network, no SQL."""
