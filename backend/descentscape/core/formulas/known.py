"""The known test functions: formulas in x and y that optimization has been tried on since the 1960s."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

Point = tuple[float, float]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Formula:
    """A test function, the window it is drawn in and where to begin.

    ``minima`` are the global minima in the window ``domain`` ((x low, x high), (y low, y high)), and
    ``local_minima`` the others where they are few enough to name. ``learning_rate`` is one at which gradient
    descent from ``start`` is worth watching.
    """

    kind: str
    label: str
    expression: str
    domain: tuple[Interval, Interval]
    start: Point
    learning_rate: float
    source: str
    help: str
    minima: tuple[Point, ...] = ()
    local_minima: tuple[Point, ...] = ()


_SURVEY = "M. Jamil and X.-S. Yang (2013), A literature survey of benchmark functions for global optimisation"
_BRANIN = (
    "F. H. Branin (1972), Widely convergent method for finding multiple solutions of nonlinear equations"
)

_ALL = (
    Formula(
        kind="bowl",
        label="Bowl",
        expression="x**2 + y**2",
        domain=((-3.0, 3.0), (-3.0, 3.0)),
        start=(-2.4, 1.6),
        learning_rate=0.05,
        source="K. A. De Jong (1975), An analysis of the behavior of a class of genetic adaptive systems, F1",
        help="Equally steep in every direction: the gradient points straight away from the minimum.",
        minima=((0.0, 0.0),),
    ),
    Formula(
        kind="ravine",
        label="Ravine",
        expression="(x**2 + 25*y**2)/2",
        domain=((-5.0, 5.0), (-2.5, 2.5)),
        start=(-4.5, 1.5),
        learning_rate=0.07,
        source="B. T. Polyak (1964), Some methods of speeding up the convergence of iteration methods",
        help="A quadratic 25 times steeper across than along: the gradient zigzags, momentum pays off.",
        minima=((0.0, 0.0),),
    ),
    Formula(
        kind="saddle",
        label="Saddle",
        expression="x**2 - y**2",
        domain=((-2.0, 2.0), (-2.0, 2.0)),
        start=(-1.8, 0.01),
        learning_rate=0.05,
        source="D. Hilbert and S. Cohn-Vossen (1932), Anschauliche Geometrie, the hyperbolic paraboloid",
        help="Up along x, down along y without end: the slope vanishes at the origin, which is no minimum.",
    ),
    Formula(
        kind="monkey_saddle",
        label="Monkey saddle",
        expression="x**3 - 3*x*y**2",
        domain=((-1.5, 1.5), (-1.5, 1.5)),
        start=(1.2, 0.02),
        learning_rate=0.02,
        source="D. Hilbert and S. Cohn-Vossen (1932), Anschauliche Geometrie, the monkey saddle",
        help="Three valleys, the third for the tail. At the origin even the curvature is zero: degenerate.",
    ),
    Formula(
        kind="double_well",
        label="Double well",
        expression="x**2/2 + y**4/4 - y**2/2",
        domain=((-2.0, 2.0), (-1.8, 1.8)),
        start=(-1.7, 0.001),
        learning_rate=0.1,
        source="Y. Nesterov (2004), Introductory lectures on convex optimization, example 1.2.2",
        help="Two valleys and the saddle between them: a start on its ridge runs into the saddle, one beside "
        "it lingers there and leaves.",
        minima=((0.0, 1.0), (0.0, -1.0)),
    ),
    Formula(
        kind="plateau",
        label="Plateau",
        expression="1 - exp(-(x**2 + y**2)/2)",
        domain=((-4.0, 4.0), (-4.0, 4.0)),
        start=(-2.4, 1.6),
        learning_rate=0.5,
        source="J. E. Dennis and R. E. Welsch (1978), Techniques for nonlinear least squares and robust "
        "regression",
        help="One hole in a flat surface: far out the gradient all but vanishes, and no minimum is near.",
        minima=((0.0, 0.0),),
    ),
    Formula(
        kind="rosenbrock",
        label="Rosenbrock",
        expression="(1 - x)**2 + 100*(y - x**2)**2",
        domain=((-2.0, 2.0), (-1.0, 3.0)),
        start=(-1.2, 1.0),
        learning_rate=0.001,
        source="H. H. Rosenbrock (1960), An automatic method for finding the greatest or least value of a "
        "function",
        help="A curved valley: into it is quick, along its nearly flat floor to the minimum is slow.",
        minima=((1.0, 1.0),),
    ),
    Formula(
        kind="himmelblau",
        label="Himmelblau",
        expression="(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
        domain=((-5.0, 5.0), (-5.0, 5.0)),
        start=(-0.3, -0.9),
        learning_rate=0.005,
        source="D. M. Himmelblau (1972), Applied nonlinear programming",
        help="Four minima, all zero. On the hill between them a small change of start changes the valley.",
        minima=(
            (3.0, 2.0),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.2831859912861696),
            (3.5844283403304917, -1.8481265269644034),
        ),
    ),
    Formula(
        kind="beale",
        label="Beale",
        expression="(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
        domain=((-4.5, 4.5), (-4.5, 4.5)),
        start=(1.0, 1.5),
        learning_rate=0.005,
        source="E. M. L. Beale (1958), On an iterative method for finding a local minimum of a function of "
        "more than one variable",
        help="A flat valley between walls that grow like the sixth power: one rate hardly suits both.",
        minima=((3.0, 0.5),),
    ),
    Formula(
        kind="booth",
        label="Booth",
        expression="(x + 2*y - 7)**2 + (2*x + y - 5)**2",
        domain=((-10.0, 10.0), (-10.0, 10.0)),
        start=(-8.0, -6.0),
        learning_rate=0.05,
        source=_SURVEY,
        help="A least-squares bowl turned by 45 degrees: the axes are not the directions that matter.",
        minima=((1.0, 3.0),),
    ),
    Formula(
        kind="matyas",
        label="Matyas",
        expression="0.26*(x**2 + y**2) - 0.48*x*y",
        domain=((-10.0, 10.0), (-10.0, 10.0)),
        start=(9.0, -4.0),
        learning_rate=0.9,
        source="J. Matyas (1965), Random optimization",
        help="A long trough along the diagonal, 25 times flatter along than across.",
        minima=((0.0, 0.0),),
    ),
    Formula(
        kind="mccormick",
        label="McCormick",
        expression="sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1",
        domain=((-1.5, 4.0), (-3.0, 4.0)),
        start=(3.2, 3.6),
        learning_rate=0.05,
        source=_SURVEY,
        help="A tilted, rippled trough: descents stop in whichever ripple holds them.",
        minima=((0.5 - pi / 3, -0.5 - pi / 3),),
        local_minima=((0.5 + 2 * pi / 3, -0.5 + 2 * pi / 3),),
    ),
    Formula(
        kind="goldstein_price",
        label="Goldstein-Price",
        expression="(1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2))"
        "*(30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2))",
        domain=((-2.0, 2.0), (-3.0, 1.0)),
        start=(1.0, -0.5),
        learning_rate=0.00004,
        source="A. A. Goldstein and J. F. Price (1971), On descent from local minima",
        help="Heights from 3 to a million: a rate small enough for the walls is tiny on the floor.",
        minima=((0.0, -1.0),),
        local_minima=((-0.6, -0.4), (1.8, 0.2), (1.2, 0.8)),
    ),
    Formula(
        kind="branin",
        label="Branin",
        expression="(y - 5.1*x**2/(4*pi**2) + 5*x/pi - 6)**2 + 10*(1 - 1/(8*pi))*cos(x) + 10",
        domain=((-5.0, 10.0), (0.0, 15.0)),
        start=(1.0, 14.0),
        learning_rate=0.03,
        source=_BRANIN,
        help="Three equally deep minima along one curved valley.",
        minima=((-pi, 12.275), (pi, 2.275), (3 * pi, 2.475)),
    ),
    Formula(
        kind="six_hump_camel",
        label="Six-hump camel",
        expression="(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (4*y**2 - 4)*y**2",
        domain=((-2.0, 2.0), (-1.2, 1.2)),
        start=(-1.1, 0.02),
        learning_rate=0.02,
        source="L. C. W. Dixon and G. P. Szegö (1978), The global optimization problem: an introduction",
        help="Six minima, two of them global, in pairs that mirror each other through the origin.",
        minima=((0.08984201310031806, -0.7126564030207396), (-0.08984201310031806, 0.7126564030207396)),
        local_minima=(
            (1.7036067149699807, -0.7960835686726251),
            (-1.7036067149699807, 0.7960835686726251),
            (1.6071047529201974, 0.5686514548841314),
            (-1.6071047529201974, -0.5686514548841314),
        ),
    ),
    Formula(
        kind="three_hump_camel",
        label="Three-hump camel",
        expression="2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2",
        domain=((-2.2, 2.2), (-2.2, 2.2)),
        start=(1.2, 1.8),
        learning_rate=0.05,
        source=_BRANIN,
        help="A global minimum in the middle and a shallower one on either side.",
        minima=((0.0, 0.0),),
        local_minima=((1.747552345830289, -0.8737761729151445), (-1.747552345830289, 0.8737761729151445)),
    ),
    Formula(
        kind="styblinski_tang",
        label="Styblinski-Tang",
        expression="(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)/2",
        domain=((-4.5, 4.5), (-4.5, 4.5)),
        start=(0.3, 0.5),
        learning_rate=0.01,
        source="M. A. Styblinski and T.-S. Tang (1990), Experiments in nonconvex optimization",
        help="Four valleys of four depths: the start, not the depth, decides which one is reached.",
        minima=((-2.903534027771177, -2.903534027771177),),
        local_minima=(
            (2.746802770990837, -2.903534027771177),
            (-2.903534027771177, 2.746802770990837),
            (2.746802770990837, 2.746802770990837),
        ),
    ),
    Formula(
        kind="freudenstein_roth",
        label="Freudenstein-Roth",
        expression="(x - 13 + ((5 - y)*y - 2)*y)**2 + (x - 29 + ((y + 1)*y - 14)*y)**2",
        domain=((-5.0, 15.0), (-3.0, 5.0)),
        start=(0.5, -2.0),
        learning_rate=0.0003,
        source="F. Freudenstein and B. Roth (1963), Numerical solution of systems of nonlinear equations",
        help="Two equations as a sum of squares. The usual start ends in the valley where they do not hold.",
        minima=((5.0, 4.0),),
        local_minima=((11.412778986902094, -0.8968052532744766),),
    ),
    Formula(
        kind="peaks",
        label="Peaks",
        expression="3*(1 - x)**2*exp(-x**2 - (y + 1)**2) - 10*(x/5 - x**3 - y**5)*exp(-x**2 - y**2)"
        " - exp(-(x + 1)**2 - y**2)/3",
        domain=((-3.0, 3.0), (-3.0, 3.0)),
        start=(0.1, 1.2),
        learning_rate=0.03,
        source="The MathWorks (1984), peaks, the sample surface of MATLAB",
        help="Hills and hollows made of shifted Gaussians, a level surface around them.",
        minima=((0.22827892055636909, -1.6255349574999967),),
        local_minima=((-1.3473962443682106, 0.20451886609700531), (0.2964455538468321, 0.32019624766683435)),
    ),
    Formula(
        kind="rastrigin",
        label="Rastrigin",
        expression="20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
        domain=((-5.12, 5.12), (-5.12, 5.12)),
        start=(-3.4, 2.6),
        learning_rate=0.002,
        source="L. A. Rastrigin (1974), Systems of extremal control",
        help="A bowl under an egg box: a minimum near every pair of integers, the global one in the middle.",
        minima=((0.0, 0.0),),
    ),
    Formula(
        kind="ackley",
        label="Ackley",
        expression="20 + e - 20*exp(-0.2*sqrt((x**2 + y**2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2)",
        domain=((-5.0, 5.0), (-5.0, 5.0)),
        start=(-2.5, 1.5),
        learning_rate=0.02,
        source="D. H. Ackley (1987), A connectionist machine for genetic hillclimbing",
        help="Ripples around one funnel, whose tip is a kink: at the minimum itself there is no gradient.",
        minima=((0.0, 0.0),),
    ),
    Formula(
        kind="griewank",
        label="Griewank",
        expression="1 + (x**2 + y**2)/4000 - cos(x)*cos(y/sqrt(2))",
        domain=((-10.0, 10.0), (-10.0, 10.0)),
        start=(5.0, -2.6),
        learning_rate=0.5,
        source="A. O. Griewank (1981), Generalized descent for global optimization",
        help="Regular ripples on a bowl so wide that it is all but flat.",
        minima=((0.0, 0.0),),
    ),
    Formula(
        kind="levy",
        label="Lévy 13",
        expression="sin(3*pi*x)**2 + (x - 1)**2*(1 + sin(3*pi*y)**2) + (y - 1)**2*(1 + sin(2*pi*y)**2)",
        domain=((-4.0, 6.0), (-4.0, 6.0)),
        start=(-1.5, 2.7),
        learning_rate=0.001,
        source="A. V. Levy and A. Montalvo (1985), The tunneling algorithm for the global minimization of "
        "functions",
        help="A bowl crossed by ripples that grow with the distance from the minimum.",
        minima=((1.0, 1.0),),
    ),
    Formula(
        kind="bohachevsky",
        label="Bohachevsky",
        expression="x**2 + 2*y**2 - 0.3*cos(3*pi*x) - 0.4*cos(4*pi*y) + 0.7",
        domain=((-2.0, 2.0), (-2.0, 2.0)),
        start=(-1.7, 1.2),
        learning_rate=0.01,
        source="I. O. Bohachevsky, M. E. Johnson and M. L. Stein (1986), Generalized simulated annealing",
        help="A bowl with shallow dents: momentum rolls through what stops plain descent.",
        minima=((0.0, 0.0),),
    ),
    Formula(
        kind="easom",
        label="Easom",
        expression="-cos(x)*cos(y)*exp(-(x - pi)**2 - (y - pi)**2)",
        domain=((0.0, 2 * pi), (0.0, 2 * pi)),
        start=(1.7, 2.2),
        learning_rate=0.2,
        source="E. E. Easom (1990), A survey of global optimization techniques",
        help="A narrow well in a level plain that dips faintly around it: only a near start finds the well.",
        minima=((pi, pi),),
    ),
    Formula(
        kind="cross_in_tray",
        label="Cross-in-tray",
        expression="-0.0001*(abs(sin(x)*sin(y)*exp(abs(100 - sqrt(x**2 + y**2)/pi))) + 1)**0.1",
        domain=((-6.0, 6.0), (-6.0, 6.0)),
        start=(3.4, 4.0),
        learning_rate=0.5,
        source="S. K. Mishra (2006), Some new test functions for global optimization",
        help="Hollows parted by creases along the axes, where the slope jumps.",
        minima=(
            (1.3494066171539107, 1.3494066171539107),
            (-1.3494066171539107, 1.3494066171539107),
            (1.3494066171539107, -1.3494066171539107),
            (-1.3494066171539107, -1.3494066171539107),
        ),
    ),
)

FORMULAS: dict[str, Formula] = {formula.kind: formula for formula in _ALL}
"""Every known formula under its kind. A new one is an entry above: all else takes it from here."""
