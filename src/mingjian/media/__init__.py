"""媒体: RTSP and RTP in, fragmented MP4 on disk, and the only door to PyAV."""
