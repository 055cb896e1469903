"""Which other tests a defect rightly concerns: test → tests that may name something of it, too."""

from __future__ import annotations

OF_NODES = (
    *("node_has_measures", "node_has_direct_measure", "node_has_balanced_measures"),
    *("node_has_customer_measure", "node_has_current_value"),
)
COMPANIONS: dict[str, tuple[str, ...]] = {
    # What hangs from a plan falls with it.
    "plan_is_in_force": ("plan_has_parent", "service_leaves_records", "entry_has_objective"),
    "service_leaves_records": ("plan_is_in_force",),
    # An objective without a measure, a node or an owner lacks several things at once.
    "plan_has_measures": ("plan_has_measures", "objective_has_measure", "plan_connects"),
    "plan_connects": ("objective_has_measure", "objective_has_node", "objective_is_specific"),
    "objective_is_specific": ("record_has_owner", "plan_connects"),
    "record_has_owner": ("objective_is_specific",),
    "objective_has_measure": ("plan_connects", "plan_has_measures"),
    "objective_has_node": ("plan_connects", "plan_has_measures", "objective_has_measure"),
    "objective_is_time_based": ("objective_stage_is_dated",),
    # Two clauses ask the same of conversations, one of them by a day; two of escalations, one of them of Cabinet alone.
    "conversations_are_held": ("conversations_are_held",),
    "escalation_is_decided": ("escalation_is_decided",),
    "assurance_covers": ("assurance_covers",),
    # A figure that is not there is missed by everybody who asked for it.
    "data_is_on_time": ("outside_data_is_on_time", "measure_is_compared"),
    "outside_data_is_on_time": ("data_is_on_time", "measure_is_compared"),
    "node_has_current_value": ("data_is_on_time", "outside_data_is_on_time", "measure_is_compared"),
    # A measure without a link is none of any node.
    "measure_is_linked": OF_NODES,
    "node_has_customer_measure": OF_NODES,
    "measure_has_target": ("plan_has_measures",),
    # A target that is missed is to be raised, and acted on.
    "target_is_met": ("red_has_action", "red_is_escalated"),
    "measure_can_be_relied_on": ("doubtful_measure_has_action",),
    "red_has_action": ("record_has_owner",),
    "action_is_done_in_time": ("action_had_effect",),
    # A board that did not meet had nothing on its agenda, and what was on none was not published.
    "item_was_on_agenda": ("report_is_published",),
    "agenda_is_covered": ("agenda_keeps_frequency",),
    "body_has_met": ("body_has_met", "item_was_on_agenda", "agenda_is_covered", "agenda_keeps_frequency"),
}
ON_ANOTHER_DAY = ("framework_is_reviewed",)
"""Tests whose defect is a later day: then much else is late, too."""
