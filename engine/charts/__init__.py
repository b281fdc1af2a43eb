"""Figures for people: data in, a Plotly figure out, each with a title, units and a description for screen readers."""
