"""The web chat: a Gradio page on loopback. Strings, layout, rendering and handlers; it uses only public names of `qa`."""
