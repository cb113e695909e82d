from . import dsgvo_erasure_replay
