"""A pipeline to try things with, and the skills it needs."""

ROSTER = ("gnome-naming", "gnome-painting", "gnome-pricing", "g" * 64)

GNOMES = """\
name: Gnome Fair
description: Names, paints and sells gnomes.
priority: P2
steps:
  - gnome-naming
  - [gnome-painting, {skill: gnome-pricing, brief: "Price it: in euros."}]
  - gnome-naming
  - {review: gnome-pricing}
  - {review: director, brief: Is it a gnome?}
  - {report: director}
"""
