// Applies the chosen theme before the page is drawn. Without a choice, the page follows the system.
const chosen = localStorage.getItem("rocketry-theme");
if (chosen) document.documentElement.dataset.theme = chosen;
document.documentElement.classList.add("scripted");
