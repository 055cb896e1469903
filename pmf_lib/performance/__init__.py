"""Pure methods over measures: series, status, direction, control charts, marker cards."""
