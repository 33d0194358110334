// n8n loads the files named under "n8n" in package.json; this file only satisfies "main".
module.exports = {};
