"""The append-only home of snapshots, runs and the ledger."""
