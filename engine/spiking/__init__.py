"""Spiking networks: leaky integrate-and-fire neurons, plastic synapses, and what turns pictures into spikes."""

from engine.spiking.network import Network
from engine.spiking.neuron import Neuron
from engine.spiking.plasticity import L1, PairSTDP, ThreeFactor
from engine.spiking.raster import Raster

__all__ = ["L1", "Network", "Neuron", "PairSTDP", "Raster", "ThreeFactor"]
