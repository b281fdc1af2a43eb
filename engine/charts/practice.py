"""How practice goes on over weeks."""

from collections.abc import Mapping
from datetime import date

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.layout import PERCENT, finish, intervals, percent
from engine.practice.scores import Score


def right_by_week(weeks: Mapping[date, Score], of: str) -> go.Figure:
    """Draw the share of faces that were named rightly in each week, with its 95 % interval.

    Parameters
    ----------
    weeks
        By the week's Monday, rising.
    of
        What was shown: an expression, or ``"all faces"``.
    """
    values = [100 * score.share for score in weeks.values()]
    ends = [[100 * end for end in score.interval] for score in weeks.values()]
    figure = go.Figure(
        go.Scatter(
            x=list(weeks),
            y=values,
            mode="lines+markers",
            line={"color": palette.BLUE},
            marker={"size": 9},
            error_y=intervals(values, ends, color=palette.BLUE, thickness=1.5, width=5),
            hovertemplate="week of %{x|%Y-%m-%d}: %{y:.0f} %<extra></extra>",
        )
    )
    figure.update_yaxes(PERCENT, title="named rightly", range=[0, 102])
    figure.update_xaxes(tickvals=list(weeks), tickformat="%Y-%m-%d")
    said = "; ".join(f"week of {week} {percent(score.share)}" for week, score in weeks.items())
    return finish(figure, f"Named rightly, week by week: {of}", f"Of {of} named rightly: {said}.", 340)
