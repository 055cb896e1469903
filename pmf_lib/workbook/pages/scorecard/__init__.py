"""The council's scorecard: how the plan is doing, by the framework, by portfolio and by what is asked of whom."""
