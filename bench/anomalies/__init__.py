"""What anomaly detection is measured by: injections into real and made bills, and NAB's labelled series."""
