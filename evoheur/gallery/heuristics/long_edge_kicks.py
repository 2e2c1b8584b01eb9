import numpy as np

def kick_scores(progress: float, noise: np.ndarray, longer: np.ndarray, shorter: np.ndarray, nearest: np.ndarray, second: np.ndarray, rank: np.ndarray, tried: np.ndarray, age: np.ndarray) -> np.ndarray:
    return (noise * np.sqrt(np.abs(longer))).copy()

def allowed_increases(progress: float, behind: float, stuck: float, noise: np.ndarray) -> np.ndarray:
    return 0.0 * noise
