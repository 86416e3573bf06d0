// Where AWS's Regions are, roughly: longitude and latitude.

const PLACES = {
  "af-south-1": [18, -34],
  "ap-east-1": [114, 22],
  "ap-northeast-1": [140, 36],
  "ap-northeast-2": [127, 37],
  "ap-northeast-3": [135, 34],
  "ap-south-1": [73, 19],
  "ap-south-2": [78, 17],
  "ap-southeast-1": [104, 1],
  "ap-southeast-2": [151, -34],
  "ap-southeast-3": [107, -6],
  "ap-southeast-4": [145, -38],
  "ca-central-1": [-73, 45],
  "ca-west-1": [-114, 51],
  "eu-central-1": [9, 50],
  "eu-central-2": [8, 47],
  "eu-north-1": [18, 59],
  "eu-south-1": [9, 45],
  "eu-south-2": [-1, 42],
  "eu-west-1": [-6, 53],
  "eu-west-2": [0, 51],
  "eu-west-3": [2, 49],
  "il-central-1": [35, 32],
  "me-central-1": [55, 25],
  "me-south-1": [50, 26],
  "sa-east-1": [-47, -24],
  "us-east-1": [-77, 39],
  "us-east-2": [-83, 40],
  "us-west-1": [-122, 37],
  "us-west-2": [-120, 46],
};

/**
 * Places for Regions on a drawing, spread over it as they are over the world, and apart enough to
 * be told from each other. One that is not known goes to the rim.
 */
export function placed(codes, { width, height, margin }) {
  const known = codes.map((code, number) => PLACES[code] ?? [-160 + number * 40, -60]);
  const [x, y] = [0, 1].map((axis) => known.map((place) => (axis ? -place[1] : place[0])));
  const across = spread(x, width - 2 * margin);
  const down = spread(y, height - 2 * margin);
  const points = across.map((each, number) => ({ x: each + margin, y: down[number] + margin }));
  for (let round = 0; round < 50; round += 1) pushApart(points, margin * 1.6);
  return points.map(({ x: px, y: py }) => ({
    x: Math.min(width - margin, Math.max(margin, px)),
    y: Math.min(height - margin, Math.max(margin, py)),
  }));
}

function spread(values, size) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (most === least) return values.map(() => size / 2);
  return values.map((value) => ((value - least) / (most - least)) * size);
}

function pushApart(points, least) {
  for (const [number, one] of points.entries()) {
    for (const other of points.slice(number + 1)) {
      const [dx, dy] = [other.x - one.x || 0.1, other.y - one.y || 0.1];
      const distance = Math.hypot(dx, dy);
      if (distance >= least) continue;
      const push = (least - distance) / 2 / distance;
      one.x -= dx * push;
      one.y -= dy * push;
      other.x += dx * push;
      other.y += dy * push;
    }
  }
}
