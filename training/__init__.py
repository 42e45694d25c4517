"""How data/model was made. Needs the corpora; never needed at run time. Start with README.md."""
