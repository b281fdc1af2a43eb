"""What the run costs in arithmetic, beside the CNN-LSTM."""

import streamlit as st

from engine.charts.spiking_energy import energy_bars
from engine.spiking.demonstration import SimulationTrace
from engine.spiking.energy import ADDITION_PJ, MULTIPLICATION_PJ, MULTIPLY_ADD_PJ, works
from pages.views.common.figures import show_figure
from pages.views.common.text import small_print


def show_energy(shown: SimulationTrace) -> None:
    """Show the energy of a run's additions and multiply-adds, and what the comparison leaves out."""
    parts = works(shown)
    show_figure(energy_bars({part.name: part.microjoules for part in parts}), "spikes energy")
    st.table(
        {
            "work": [part.name for part in parts],
            "additions": [f"{part.additions:,}" for part in parts],
            "multiply-adds": [f"{part.multiply_adds:,}" for part in parts],
            "energy": [f"{part.microjoules:,.4g} µJ" for part in parts],
        },
        hide_index=True,
        alt="Additions, multiply-adds and energy of each kind of work",
    )
    own, other = sum(part.microjoules for part in parts[:-1]), parts[-1].microjoules
    st.markdown(
        f"All in all this run takes **{own:,.3g} µJ**, the shipped CNN-LSTM **{other:,.0f} µJ**. An input spike costs "
        "an addition at each output, since its weight is all that is added; a CNN-LSTM multiplies first."
    )
    encoding = {
        "face": "The Gabor filters before the first spike take multiply-adds too. They are counted, and most of it.",
        "brightness": "The filters before the first spike take multiply-adds too. They are counted, and most of it.",
        "embedding": "The plastic head stands in for the CNN-LSTM's last layer alone: all before it is the same work.",
        "digit": "Pixels are taken as they are here; for a face, the Gabor filters would be most of it.",
    }
    st.markdown(
        "- **Arithmetic only.** What memory costs to read and write is left out, and is often more.\n"
        f"- **Turning a face into spikes is not free.** {encoding[shown.kind]}\n"
        "- **The CNN-LSTM answers a harder question**: which of seven expressions a face shows. It looks twice, at the "
        "face and at its mirror image.\n"
        "- What it takes to change weights is left out on both sides."
    )
    small_print(
        f"32-bit floating point in 45 nm CMOS: {ADDITION_PJ:g} pJ an addition, {MULTIPLICATION_PJ:g} pJ a "
        f"multiplication, so {MULTIPLY_ADD_PJ:g} pJ a multiply-add. Source: Horowitz, ISSCC 2014, doi "
        "10.1109/ISSCC.2014.6757323."
    )
