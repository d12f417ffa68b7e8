// A slider of years beside the field of the day: it writes into the field, and sends nothing itself.
"use strict";

for (const form of document.querySelectorAll("form.as-of")) {
  const field = form.querySelector("[name=as_of]");
  const slider = form.querySelector("[type=range]");
  const numbers = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: false });
  const tell = () => slider.setAttribute("aria-valuetext", numbers.format(slider.valueAsNumber));

  slider.addEventListener("input", () => {
    field.value = slider.value;
    tell();
  });
  field.addEventListener("input", () => {
    const year = /^\s*(\d{4})/.exec(field.value);
    if (year) {
      slider.value = year[1];
      tell();
    }
  });
  tell();
  slider.closest("label").hidden = false;
}
