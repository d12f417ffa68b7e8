from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from agreements import urls as of_agreements
from agreements.calendars import calendar
from twinning import keep_up_urls, suggestions, views
from twinning.compare import compare
from twinning.figures import FiguresPage
from twinning.finder import finder
from twinning.health import health
from twinning.home import home
from twinning.languages import choose_language
from twinning.maps import WorldMap
from twinning.preferences import preferences_page

# One address for all languages: data and what machines read, the staff's desk, files.
urlpatterns = [
    path("health/", health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("api/v1/", include("twinning.api")),
    path("i18n/setlang/", choose_language, name="set_language"),
    path("accounts/", include("twinning.account_urls")),
    path(
        "admin/report/<slug:slug>/<int:year>/",
        admin.site.admin_view(views.staffs_report),
        name="admin-report",
    ),
    path("calendar/<str:secret>.ics", calendar, name="calendar"),
    path("admin/preferences/", admin.site.admin_view(preferences_page), name="admin-preferences"),
    path("admin/", admin.site.urls),
    path("", include(of_agreements.files)),
    path("", include(keep_up_urls.machines)),
]

# Pages for readers: /agreements/ in the site's own language, /fa/agreements/ in Persian.
urlpatterns += i18n_patterns(
    path("", home, name="home"),
    path("about/", views.about, name="about"),
    path("data/", views.data, name="data"),
    path("figures/", FiguresPage.as_view(), name="figures"),
    path("map/", WorldMap.as_view(), name="map"),
    # These tell of agreements too, which cities/ does not know.
    path("places/", views.PlacesWithAgreements.as_view(), name="place-list"),
    path("places/<slug:slug>/", views.PlaceWithAgreements.as_view(), name="place-detail"),
    path("places/<slug:slug>/report/<int:year>/", views.annual_report, name="place-report"),
    path("places/<slug:slug>/finder/", finder, name="place-finder"),
    path("compare/", compare, name="compare"),
    path("officials/<slug:slug>/", views.OfficialWithDeeds.as_view(), name="official-detail"),
    path("suggest/", suggestions.suggest, name="suggest"),
    path("suggest/thanks/", suggestions.thanks, name="suggest-thanks"),
    path("", include(keep_up_urls.readers)),
    path("", include("agreements.urls")),
    path("", include("cities.urls")),
    prefix_default_language=False,
)
