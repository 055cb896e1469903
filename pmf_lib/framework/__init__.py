"""A council's performance management framework as data: model, loading, printing."""
