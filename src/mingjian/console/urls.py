"""Every page of every room."""

urlpatterns: list[object] = []
