"""The demonstration: eight drawn scenes, cameras that serve them over real RTSP, and accounts to try things with."""
