"""For authors of sources: the contract every source keeps to, recordings, and a server that replays them."""
