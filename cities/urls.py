"""The pages that this app makes alone; ``twinning.urls`` adds those that tell of agreements too."""

from django.urls import path

from cities import views

urlpatterns = [
    path("officials/", views.OfficialList.as_view(), name="official-list"),
]
