"""The declared rules of certification: sizes of samples, tolerances, and how long a certification holds."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from pmf_lib.policy import Policy

Controls = Literal["strong", "moderate", "weak"]
CERTIFIED, QUALIFIED = "certified", "certified_with_qualification"
INACCURATE, PREVENTED = "inaccurate", "factors_prevented_certification"
CATEGORY_WORDS = {
    CERTIFIED: "certified",
    QUALIFIED: "certified with qualification",
    INACCURATE: "inaccurate",
    PREVENTED: "factors prevented certification",
}
"""Category → what auditors call it, the best first."""


class Samples(Policy):
    """Cases to draw, by how sure the controls are."""

    strong: int = Field(gt=0)
    moderate: int = Field(gt=0)
    weak: int = Field(gt=0)


class CertificationScheme(Policy):
    """``parameters/schemes/certification.yml``: what a certification asks for, and when it fails or runs out."""

    version: int
    dated: date
    source: str
    samples: Samples
    all_up_to: int = Field(ge=0)
    tolerance_pct: float = Field(gt=0, lt=100)
    errors_over_pct: float = Field(ge=0, lt=100)
    adequate: tuple[Controls, ...] = Field(min_length=1)
    valid_months: int = Field(gt=0)
