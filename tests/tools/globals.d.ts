// The page loads Chart.js as a classic script, which leaves one global behind.
import type { Chart as ChartClass } from "chart.js";

declare global {
  const Chart: typeof ChartClass;
  interface Window {
    Chart: typeof ChartClass;
  }
}
