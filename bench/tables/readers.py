"""Foreign readers: scikit-learn's models, trained on the rows of a table as it is exported, in its own columns and units."""

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

classifiers = {
    "logistic regression": lambda seed: LogisticRegression(max_iter=1000),
    "random forest": lambda seed: RandomForestClassifier(200, random_state=seed),
    "gradient boosting": lambda seed: GradientBoostingClassifier(random_state=seed),
}
regressors = {
    "ridge regression": lambda seed: Ridge(),
    "random forest": lambda seed: RandomForestRegressor(200, random_state=seed),
    "gradient boosting": lambda seed: GradientBoostingRegressor(random_state=seed),
}


def score(model, train, test, target):
    """Accuracy, or R², on the test rows of a model that was fitted on the training rows, its preparation included."""
    features = [name for name in test.columns if name != target]
    numbers = [name for name in features if test[name].dtype.kind in "if"]
    others = [name for name in features if name not in numbers]
    prepare = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler()), numbers),
            ("texts", OneHotEncoder(handle_unknown="ignore"), others),
        ]
    )
    return make_pipeline(prepare, model).fit(train[features], train[target]).score(test[features], test[target])


def summary(runs):
    return {"mean": float(np.mean(runs)), "std": float(np.std(runs)), "runs": [float(run) for run in runs]}
