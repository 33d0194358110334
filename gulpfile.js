const { src, dest } = require('gulp');

/** Copies what tsc does not: icons and codex files, next to the compiled JavaScript. */
function assets() {
	return src(['icons/*.svg', 'nodes/**/*.node.json'], { base: '.', encoding: false }).pipe(
		dest('dist'),
	);
}

exports.default = assets;
