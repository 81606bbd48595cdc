"""One function a picture: an answer, a speaker and a frame give a Vega-Lite chart."""
