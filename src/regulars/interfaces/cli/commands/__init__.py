"""The commands: each asks one study and hands its answer to the output."""
